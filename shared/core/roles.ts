import { z } from 'zod';

/** Roles from least to most; they come from Entra app roles, and who has none is a user. */
export const roles = ['user', 'staff', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** Whether `role` may do what needs at least `least`. */
export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

/** The role that Entra's app-role values give: `Admin`, `Staff`, else user. */
export function roleFromAppRoles(values: readonly string[]): Role {
  if (values.includes('Admin')) return 'admin';
  return values.includes('Staff') ? 'staff' : 'user';
}
