import type { VendorWrite } from './operation.ts';

export interface DirectoryPerson {
  readonly oid: string;
  readonly name: string;
  readonly email: string;
}

/** The organisation's directory and the person's own mailbox, as Microsoft Graph shows them to that person. */
export interface Directory {
  /** Name, address and zone (IANA) of the signed-in person. @throws {AppError} as `Calendar.listEvents`. */
  loadProfile(personId: string, signal?: AbortSignal): Promise<DirectoryPerson & { readonly timeZone: string }>;
  /** The person with this e-mail address, or who signs in by it; undefined when the directory has none. */
  findByEmail(personId: string, email: string, signal?: AbortSignal): Promise<DirectoryPerson | undefined>;
  /** A mail from the person to themselves. Graph folds nothing here: an unknown outcome is not repeated. */
  sendMailToSelf(personId: string, mail: { subject: string; text: string; to: string }): VendorWrite<void>;
}
