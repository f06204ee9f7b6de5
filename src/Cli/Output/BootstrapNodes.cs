using System.Collections.Immutable;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Cli.Output;

/// <summary>What <c>--bootstrap</c> says.</summary>
internal static class BootstrapNodes
{
    /// <summary>The nodes, separated by commas; the public ones when nothing is said.</summary>
    public static ImmutableArray<BootstrapNode> Parse(string? text)
        => text is null ? DhtNodeOptions.PublicBootstrapNodes : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne)];

    /// <summary>The reply to a ping at the node's address or, where that is silent, at the one of its name; nothing when none came.</summary>
    public static async Task<ReceivedReply?> PingAsync(DhtNodeClient node, BootstrapNode asked)
    {
        if (asked.Address is { } address && await node.PingAsync(address).ConfigureAwait(false) is { } reply)
            return reply;
        return asked.Name is { } name && await SystemHostNames.FindAsync(name).ConfigureAwait(false) is { } host
            ? await node.PingAsync(new PeerAddress(host, asked.Port)).ConfigureAwait(false)
            : null;
    }

    private static BootstrapNode ParseOne(string text)
        => BootstrapNode.TryParse(text, out BootstrapNode? node)
            ? node
            : throw CommandException.Usage(
                $"'{text}' is no address of a node", "host:port, for example 127.0.0.1:30001, or address@name:port, where the name is a second chance");
}
