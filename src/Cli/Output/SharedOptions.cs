using System.CommandLine;

namespace AuctionActors.Cli.Output;

/// <summary>Options that mean the same on every verb.</summary>
internal static class SharedOptions
{
    public const string JsonName = "--json";

    /// <summary>Machine output, and nothing else on stdout.</summary>
    public static Option<bool> Json() => new(JsonName) { Description = "print JSON and nothing else on stdout" };

    public static Option<double> Timeout() => new("--timeout")
    {
        Description = "give up after this many seconds",
        DefaultValueFactory = _ => 30,
    };

    public static Option<string?> Bootstrap() => new("--bootstrap")
    {
        Description = "host:port[,host:port] of the nodes to join through (default: the public HyperDHT)",
    };

    public static Option<string?> Host() => new("--host") { Description = "address to bind to, for example 127.0.0.1" };
}
