/** Kubernetes objects as data: validation, defaults, quantities, selectors, server-side apply. */
export {};
