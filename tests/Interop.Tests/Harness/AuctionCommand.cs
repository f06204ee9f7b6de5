using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AuctionActors.Interop.Tests.Harness;

/// <summary>The <c>auction</c> command as another process, built with these tests.</summary>
internal static class AuctionCommand
{
    private static string Configuration => AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>What <c>dotnet</c> runs.</summary>
    public static string Assembly => Path.Combine(Checkout.Root, "src", "Cli", "bin", Configuration, "net10.0", "auction.dll");

    /// <summary>Starts the command in the root of the checkout.</summary>
    /// <remarks>What a script has put into the background ignores Ctrl-C, and so would its children: the command hears it all the same.</remarks>
    public static NodePeer Start(params string[] arguments)
        => OperatingSystem.IsLinux()
            ? NodePeer.Launch("env", ["--default-signal=INT", "dotnet", Assembly, .. arguments], Checkout.Root)
            : NodePeer.Launch("dotnet", [Assembly, .. arguments], Checkout.Root);

    /// <summary>Runs a command that needs no input to its end; the JSON that it prints, one object a line.</summary>
    public static (int Code, List<JsonObject> Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Assembly, .. arguments, "--json"]) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())]);
    }
}
