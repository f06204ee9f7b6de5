using System.Diagnostics;
using System.Globalization;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Runs a script of <c>js/</c> in a fresh process.</summary>
internal static class JavaScriptSide
{
    public static string Folder { get; } = Path.Combine(FindCheckout(), "tests", "Benchmarks", "js");

    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules"));

    public static Task<IReadOnlyList<Figure>> RunAsync(IHotPath path, int samples)
        => MeasuringProcess.RunAsync(
            new ProcessStartInfo("node", ["--expose-gc", .. path.Script, "--runs", samples.ToString(CultureInfo.InvariantCulture)])
            {
                WorkingDirectory = Folder,
            });

    private static string FindCheckout()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AuctionActors.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("benchmarks must run inside a checkout of the project");
    }
}
