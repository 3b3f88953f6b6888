export { createDataKey, createDataKeys } from './data-keys.ts';
export { erasePerson } from './erase-person.ts';
