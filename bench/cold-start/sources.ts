// The application as it lies in the repository, loaded as the local host loads it.
import '../../functions/main.ts';

export { application } from '../../functions/application.ts';
