/** How long a test waits for something that must happen. Only a hang takes that long, however busy the machine is. */
export const patienceMs = 240_000;
