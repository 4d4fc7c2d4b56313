/** Plan JSON rendered for people and CI. */
export {};
