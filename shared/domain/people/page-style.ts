import { createHash } from 'node:crypto';

/** The style of the sign-in pages; their policy allows no other. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --ground: #f3f4f6; --card: #fff; --line: #d0d7de; --button: #0b6b4f; --button-text: #fff; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9da7b3; --ground: #0d1117; --card: #161b22; --line: #30363d; --button: #3fb68b; --button-text: #04140e; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--text); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 28rem; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
header { margin: 0 0 .5rem; color: var(--quiet); font-size: .9375rem; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.number, output { display: block; margin: 0 0 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; text-align: center; font-variant-numeric: tabular-nums; font-weight: 600; }
.number { font-size: 1.25rem; }
output { font-size: 2.25rem; letter-spacing: .2em; user-select: all; }
.warning { padding-left: .75rem; border-left: .25rem solid #bf8700; }
button, .button { display: block; width: 100%; min-height: 3rem; padding: .75rem 1rem; border: 0; border-radius: .5rem; background: var(--button); color: var(--button-text); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button:focus-visible, .button:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
.quiet { margin: 1rem 0; color: var(--quiet); font-size: .9375rem; }
main > :last-child { margin-bottom: 0; }
`;

export const pageStyleHash = `sha256-${createHash('sha256').update(pageStyle).digest('base64')}`;
