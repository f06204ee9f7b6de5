using System.Diagnostics;
using System.Globalization;
using AuctionActors.Tests;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Runs a script of <c>js/</c> in a fresh process.</summary>
internal static class JavaScriptSide
{
    public static string Folder { get; } = Path.Combine(CheckoutFolder.Root, "tests", "Benchmarks", "js");

    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules"));

    public static Task<IReadOnlyList<Figure>> RunAsync(IHotPath path, int samples)
        => MeasuringProcess.RunAsync(
            new ProcessStartInfo("node", ["--expose-gc", .. path.Script, "--runs", samples.ToString(CultureInfo.InvariantCulture)])
            {
                WorkingDirectory = Folder,
            });
}
