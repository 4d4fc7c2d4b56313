const PATH_COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const HOST_PART = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)";
const DOMAIN = `(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const TAG = "[\\w][\\w.-]{0,127}";
const DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${PATH_COMPONENT}(?:/${PATH_COMPONENT})*(?::(${TAG}))?(?:@(${DIGEST}))?$`,
);

/**
 * The tag that an image reference means: `latest` where it has neither tag nor digest; nothing where it is pinned by
 * digest alone, or is no reference.
 *
 * Rules: `github.com/distribution/reference` and kubernetes `pkg/util/parsers`.
 */
export function imageTag(image: string): string | undefined {
  if (image.length > 1024) return undefined;
  const match = REFERENCE.exec(image);
  if (!match) return undefined;
  const [, tag, digest] = match;
  return tag ?? (digest === undefined ? "latest" : undefined);
}
