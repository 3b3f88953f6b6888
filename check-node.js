// Loaded before whatever needs Node 24, by a Node that may be older: one clear line instead of a syntax error.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `Adjutant needs Node 24 or later and this is Node ${process.versions.node}: \`npm ci\` brings it where it can, here please install it.\n`,
  );
  process.exit(1);
}
