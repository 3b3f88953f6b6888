import { createApplication } from '../shared/application.ts';

/** The one application of this process. */
export const application = createApplication();
