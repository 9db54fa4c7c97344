interface Operation {
  summary?: string;
}

interface Description {
  info: { title: string; description: string };
  basePath: string;
  paths: Record<string, Record<string, unknown>>;
}

const METHODS = ["get", "put", "post", "delete", "patch"];

const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** A page that lists what a description describes. It needs nothing from elsewhere. */
export function page(description: object, source: string): string {
  const { info, basePath, paths } = description as Description;
  const rows = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map(
      (method) => `<tr><td>${method.toUpperCase()}</td><td><code>${escaped(basePath.replace(/\/$/, "") + path)}</code></td><td>${escaped((item[method] as Operation).summary ?? "")}</td></tr>`,
    ),
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(info.title)}</title>
<style>body{font:16px/1.5 sans-serif;margin:2em}td{padding:.2em 1em .2em 0;vertical-align:top}</style></head>
<body><h1>${escaped(info.title)}</h1><p>${escaped(info.description)} <a href="${escaped(source)}">All of it in Swagger 2.0</a>, for tools.</p>
<table>${rows.join("\n")}</table></body>
</html>
`;
}
