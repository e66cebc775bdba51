const files = import.meta.glob<Record<string, unknown>>("./*.json", { eager: true, import: "default" });

/** Every area's texts by name of its file. */
export default Object.fromEntries(Object.entries(files).map(([path, texts]) => [path.slice(2, -5), texts]));
