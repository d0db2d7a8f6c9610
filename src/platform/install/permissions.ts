import type { PermissionRequest, PluginManifest } from '@patron/sdk';

/** A permission as it is compared and kept: its name with its scope or its hosts, whatever the reason says. */
export type PermissionKey = string;

export function permissionKey(permission: PermissionRequest): PermissionKey {
  switch (permission.name) {
    case 'table.read':
    case 'sheet.write':
      return `${permission.name}:${permission.scope}`;
    case 'network':
      return `network:${[...permission.hosts].sort().join(',')}`;
    default:
      return permission.name;
  }
}

/** Granted by the act of mapping columns in the form of an analysis, so nobody is asked. */
const grantedByMapping: PermissionKey = 'table.read:mapped';

/** All that a manifest asks for. */
export function permissionsOf({ permissions = [] }: PluginManifest): PermissionKey[] {
  return permissions.map(permissionKey);
}

/** What a manifest asks for that the user has not accepted. */
export function openPermissions(manifest: PluginManifest, accepted: readonly PermissionKey[]): PermissionRequest[] {
  return (manifest.permissions ?? []).filter((permission) => {
    const key = permissionKey(permission);
    return key !== grantedByMapping && !accepted.includes(key);
  });
}
