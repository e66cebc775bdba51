import { Button } from "@/components/ui/Button";

/** The console's own configuration did not load: said in both languages, since the texts may be what is missing. */
export function StartFailed() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-6 text-center">
      <h1 className="text-h2 font-semibold">Timbre could not start · Timbre 无法启动</h1>
      <p className="max-w-md text-muted">
        The server did not answer with its configuration. Your data are safe. Check that the system is running, then reload.
        <br />
        服务器未返回配置。您的数据是安全的。请确认系统正在运行，然后重新加载。
      </p>
      <Button look="primary" onClick={() => window.location.reload()}>
        Reload · 重新加载
      </Button>
    </main>
  );
}
