import type { SandboxContext } from '../kit/context.ts';
import type { StoredMedia, StoredMessage } from './model.ts';
import { valueOf, type Settings } from './options.ts';

/** The files WAHA downloaded: each lives for three minutes and none outlives the process. */
export interface MediaFiles {
  /** Downloads the media of a message: the file lives anew from now. */
  download(message: StoredMessage): { url: string; filename: string | null; mimetype: string } | null;
  open(name: string): StoredMedia | undefined;
}

// WHATSAPP_FILES_LIFETIME, by default.
const lifetimeMs = 180_000;

const extensions: Readonly<Record<string, string>> = {
  'audio/ogg': 'oga',
  'image/jpeg': 'jpeg',
  'image/svg+xml': 'svg',
  'text/plain': 'txt',
  'audio/mpeg': 'mpga',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
};

export function createMediaFiles(context: SandboxContext, settings: Settings): MediaFiles {
  const files = new Map<string, { media: StoredMedia; until: number }>();
  return {
    download({ id, media }) {
      if (!media) return null;
      const name = `${id}.${extensionOf(media.mimetype)}`;
      files.set(name, { media, until: context.clock.now() + lifetimeMs });
      return {
        url: `${valueOf(settings.baseUrl).replace(/\/$/, '')}/api/files/${settings.wahaSession}/${name}`,
        filename: media.filename,
        mimetype: media.mimetype,
      };
    },
    open(name) {
      const file = files.get(name);
      if (!file) return undefined;
      if (file.until > context.clock.now()) return file.media;
      files.delete(name);
      return undefined;
    },
  };
}

function extensionOf(mimetype: string): string {
  const [type = ''] = mimetype.split(';');
  return extensions[type] ?? type.split('/')[1]?.replace(/^x-/, '') ?? 'bin';
}
