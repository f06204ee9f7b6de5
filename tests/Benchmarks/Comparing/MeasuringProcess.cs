using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>One metric as a measuring process has printed it.</summary>
internal sealed record Figure(string Metric, string Unit, double Value);

/// <summary>Runs a process of either side and reads the JSON line that it prints for each metric.</summary>
internal static class MeasuringProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<Figure>> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        List<Figure> figures = [];
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith('{') && JsonNode.Parse(line) is JsonObject row)
                    figures.Add(new Figure((string)row["metric"]!, (string)row["unit"]!, (double)row["median"]!));
            }

            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        if (process.ExitCode != 0)
            Console.Error.WriteLine($"'{start.FileName} {string.Join(' ', start.ArgumentList)}' ended with {process.ExitCode}");
        return figures;
    }
}
