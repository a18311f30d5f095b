import { useRef, useState } from "preact/hooks";

/** A command to copy; where the clipboard is out of reach, the button selects it instead. */
export function CommandBlock({ command }: { command: string }) {
  const code = useRef<HTMLElement>(null);
  const [done, setDone] = useState<"Copied" | "Selected" | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setDone("Copied");
    } catch {
      getSelection()?.selectAllChildren(code.current!);
      setDone("Selected");
    }
  };
  return (
    <div class="command">
      <pre>
        <code ref={code}>{command}</code>
      </pre>
      <button type="button" class="quiet no-print" onClick={copy}>
        {done ?? "Copy"}
      </button>
    </div>
  );
}
