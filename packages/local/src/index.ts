/** The local cloud: Azure Resource Manager and the Kubernetes API, simulated and durable. */
export {};
