/** The door of profile/: stack profiles, call trees over them, and their file formats. */
export * from './stack-profile.ts';
