import { startFromCommandLine } from './run/command-line.ts';

process.exitCode = await startFromCommandLine({
  args: process.argv.slice(2),
  environment: process.env,
  out: (line) => console.log(line),
  error: (line) => console.error(line),
});
// What a vendor's client may still hold open must not hold the end up.
process.exit();
