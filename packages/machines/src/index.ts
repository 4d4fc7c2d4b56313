/** Azure VMs as data: sizes, prices, zones, allocatable, labels, system pods. */
export {};
