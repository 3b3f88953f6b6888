import { createRequire } from 'node:module';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { repository } from './repository.ts';

/** What the application imports and the package carries beside the bundle, in a `node_modules` of its own. */
export const besideTheBundle = ['applicationinsights'] as const;

// The Functions worker answers for the first; `pg` does without the second.
const neverBundled = ['@azure/functions-core', 'pg-native'];

// What CommonJS packages ask for by `require` are Node's own modules and the worker's.
const requireForPackages =
  "import { createRequire as createRequireForPackages } from 'node:module';const require = createRequireForPackages(import.meta.url);";

const common = {
  absWorkingDir: repository,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Names stay: a stack can be read, classes are known by name, and it loads no slower than with short ones.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  banner: { js: requireForPackages },
  logLevel: 'silent', // what is wrong is thrown
} satisfies BuildOptions;

/**
 * The application: `main.js`, the one file that the host loads, and beside it what is imported lazily. In one file Node
 * would compile all of it, and keep the source, before it ran the first line (docs/decisions/).
 * @throws {Error} naming what esbuild warns of, too: a package that would fail at runtime is not made.
 */
export async function bundleApplication(folder: string): Promise<Metafile> {
  const { metafile, warnings } = await build({
    ...common,
    entryPoints: { main: 'packaging/entry.ts' },
    outdir: folder,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: [...neverBundled, ...besideTheBundle],
  });
  if (warnings.length > 0) throw new Error(`esbuild warns: ${warnings.map(({ text }) => text).join('; ')}`);
  return metafile;
}

/** One package in one file, which gives what the package itself gives to who imports it. */
export async function bundlePackage(name: string, file: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    stdin: { contents: reexport(name), resolveDir: repository, sourcefile: `${name}.js` },
    outfile: file,
    external: neverBundled,
  });
  return metafile;
}

/** A CommonJS package names its exports at runtime only, where no bundler looks. */
function reexport(name: string): string {
  const given = createRequire(import.meta.url)(name) as object;
  return `export { ${['default', ...Object.keys(given)].join(', ')} } from ${JSON.stringify(name)};`;
}
