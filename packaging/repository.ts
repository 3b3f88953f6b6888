import { fileURLToPath } from 'node:url';

/** The folder of all this. */
export const repository = fileURLToPath(new URL('../', import.meta.url));
