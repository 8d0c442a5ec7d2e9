/** The viewer page's entry. In: the address `?recording=ID`. Out: the app, mounted. */
export {};
