export { createDataKey, createDataKeys } from './data-keys.ts';
