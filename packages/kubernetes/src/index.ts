/** Kubernetes resources and the API provider. */
export {};
