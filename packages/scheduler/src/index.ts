/** kube-scheduler's default profile: filters, scores, preemption, messages. */
export {};
