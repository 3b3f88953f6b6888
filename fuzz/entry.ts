/** What of the application answers HTTP; without the timers and the worker, so that what is stored stays. */
import '../functions/health.ts';
import '../functions/mcp.ts';
import '../functions/sign-in.ts';
import '../functions/whatsapp-webhook.ts';
