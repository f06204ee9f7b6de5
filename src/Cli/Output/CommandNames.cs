using System.Text.Json;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Cli.Output;

/// <summary>What upstream calls the commands of dht-rpc and of HyperDHT.</summary>
internal static class CommandNames
{
    private static readonly string[] s_internal = ["ping", "pingNat", "findNode", "downHint", "delayedPing"];

    /// <summary>Of a command that no upstream knows: its number, where other numbers are counted with it followed by a plus.</summary>
    public static string NameOf(DhtCommand command)
    {
        if (command.IsInternal && command.Number < (ulong)s_internal.Length)
            return s_internal[command.Number];
        if (!command.IsInternal && Enum.GetName((HyperDhtCommand)command.Number) is { } name)
            return JsonNamingPolicy.CamelCase.ConvertName(name);
        string number = command.Number < CommandCounters.Others ? $"{command.Number}" : $"{CommandCounters.Others}+";
        return (command.IsInternal ? "internal" : "external") + number;
    }
}
