/** Azure resources and the ARM provider. */
export {};
