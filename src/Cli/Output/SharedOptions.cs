using System.CommandLine;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Cli.Output;

/// <summary>Options that mean the same on every verb.</summary>
internal static class SharedOptions
{
    public const string JsonName = "--json";

    private const int LongestTimeoutSeconds = 86400;

    /// <summary>Machine output, and nothing else on stdout.</summary>
    public static Option<bool> Json() => new(JsonName) { Description = "print JSON and nothing else on stdout" };

    public static Option<double> Timeout() => new("--timeout")
    {
        Description = "give up after this many seconds",
        DefaultValueFactory = _ => 30,
    };

    public static Option<string?> Bootstrap() => new("--bootstrap")
    {
        Description = "host:port[,host:port] of the nodes to join through, also address@name:port (default: the public HyperDHT)",
    };

    public static Option<string?> Host() => new("--host") { Description = "address to bind to, for example 127.0.0.1" };

    /// <summary>What <c>--timeout</c>, or another option with seconds, says, checked.</summary>
    public static TimeSpan ToTimeout(double seconds, string option = "--timeout")
        => double.IsFinite(seconds) && seconds is > 0 and <= LongestTimeoutSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw CommandException.Usage($"{option} {seconds} is out of range", "seconds, more than 0");

    /// <summary>What <c>--host</c> and <c>--port</c> say, checked; every interface and any port when nothing is said.</summary>
    public static PeerAddress ToBind(string? host, int port = 0)
    {
        if (port is < 0 or > ushort.MaxValue)
            throw CommandException.Usage($"'{port}' is no port", "0 to 65535");
        return PeerAddress.TryParseHost(host ?? "0.0.0.0", (ushort)port, out PeerAddress bind)
            ? bind
            : throw CommandException.Usage($"'{host}' is no address to bind to", "an IPv4 address such as 127.0.0.1");
    }

    /// <summary>The failure of waiting longer than <c>--timeout</c>.</summary>
    public static CommandException TimedOut(TimeSpan timeout)
        => new(ExitCode.Offline, "TIMED_OUT", $"there was no answer within {timeout.TotalSeconds:0.###} s");

    /// <summary>The failure of a network in which nobody answers.</summary>
    public static CommandException Offline()
        => new(ExitCode.Offline, "OFFLINE", "no node of the DHT answered", "--bootstrap host:port names a node to join through");
}
