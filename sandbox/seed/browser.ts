/** A page as a browser has it. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
}

/** As much of a browser as a sign-in needs: it follows redirects, keeps cookies, submits a form. */
export interface Browser {
  open(url: string): Promise<Page>;
  /** Submits the one POST form of the page, with `chosen` beside its hidden fields. */
  submit(page: Page, chosen: Readonly<Record<string, string>>): Promise<Page>;
}

const maxRedirects = 10;

export function createBrowser(): Browser {
  // By host, as browsers do: the port does not tell cookies apart.
  const cookies = new Map<string, Map<string, string>>();

  const send = async (url: URL, init: RequestInit): Promise<Response> => {
    const jar = cookies.get(url.hostname) ?? new Map<string, string>();
    cookies.set(url.hostname, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string> | undefined), ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0\b/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };

  const follow = async (start: URL, init: RequestInit): Promise<Page> => {
    let url = start;
    let response = await send(url, init);
    for (let count = 0; count < maxRedirects; count += 1) {
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) break;
      url = new URL(location, url);
      await response.body?.cancel();
      response = await send(url, {});
    }
    return { url: url.href, status: response.status, html: await response.text() };
  };

  return {
    open: (url) => follow(new URL(url), {}),
    submit(page, chosen) {
      const { action, fields } = readForm(page);
      const origin = new URL(page.url).origin;
      return follow(action, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin, referer: page.url },
        body: new URLSearchParams({ ...fields, ...chosen }).toString(),
      });
    },
  };
}

function readForm({ url, status, html }: Page): { action: URL; fields: Record<string, string> } {
  const [, attributes, content = ''] = /<form\b([^>]*\bmethod="post"[^>]*)>([\s\S]*?)<\/form>/i.exec(html) ?? [];
  if (attributes === undefined) throw new Error(`there is no form on ${new URL(url).pathname} (${status})`);
  const fields = [...content.matchAll(/<input\b([^>]*)>/gi)].flatMap(([, input = '']) => {
    const name = attribute(input, 'name');
    return name === undefined ? [] : [[name, attribute(input, 'value') ?? ''] as const];
  });
  return { action: new URL(attribute(attributes, 'action') ?? '', url), fields: Object.fromEntries(fields) };
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

function unescapeHtml(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}
