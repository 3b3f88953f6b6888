import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Enough of a number (E.164) for its owner to know it by, and for nobody else: `+1 555 •••• 09`. */
export function maskPhone(phone: string): string {
  const parsed = parsePhoneNumberFromString(phone);
  const country = parsed?.countryCallingCode ?? '';
  const digits = parsed?.nationalNumber ?? phone.replace(/\D/g, '');
  const beginning = digits.length >= 8 ? digits.slice(0, 3) : '';
  return [`+${country}`, beginning, '••••', digits.slice(-2)].filter((part) => part !== '' && part !== '+').join(' ');
}
