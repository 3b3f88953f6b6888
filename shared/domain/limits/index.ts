export { createCallLimit, type CallLimit } from './call-limit.ts';
