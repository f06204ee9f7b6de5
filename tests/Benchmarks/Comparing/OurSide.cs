using System.Diagnostics;
using System.Globalization;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Runs this program again for one hot path, so that ours starts as cold as a script does.</summary>
internal static class OurSide
{
    public static Task<IReadOnlyList<Figure>> RunAsync(IHotPath path, int samples)
        => MeasuringProcess.RunAsync(Start("measure", path.Name, "--runs", samples.ToString(CultureInfo.InvariantCulture)));

    public static ProcessStartInfo Start(params string[] args)
    {
        string host = Environment.ProcessPath!;
        bool isDriver = Path.GetFileNameWithoutExtension(host) == "dotnet";
        return new ProcessStartInfo(host, isDriver ? [typeof(OurSide).Assembly.Location, .. args] : args);
    }
}
