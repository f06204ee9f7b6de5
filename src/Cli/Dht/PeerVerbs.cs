using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Dht;

/// <summary><c>auction dht lookup</c> and <c>find-peer</c>: who announced what.</summary>
internal static class PeerVerbs
{
    public static IEnumerable<Command> All()
    {
        Argument<string> topic = new("topic") { Description = "64 hex digits" };
        yield return DhtSession.Verb(
            new Command("lookup", "The peers that announced a topic. Example: auction dht lookup <topic> --bootstrap 127.0.0.1:30001") { topic },
            parsed =>
            {
                Bytes32 target = DhtArguments.Topic(parsed.GetValue(topic)!);
                return async session => Print(session, await session.Dht.LookupAsync(target).ConfigureAwait(false));
            });
        Argument<string> key = new("key") { Description = "public key, 64 hex digits" };
        yield return DhtSession.Verb(
            new Command("find-peer", "The nodes a server announced itself to. Example: auction dht find-peer <key>") { key },
            parsed =>
            {
                PublicKey server = DhtArguments.Key(parsed.GetValue(key)!);
                return async session => Print(session, await session.Dht.FindPeerAsync(server).ConfigureAwait(false));
            });
    }

    private static int Print(DhtSession session, HyperDhtProtocol.PeersFound found)
    {
        if (found.Responders == 0)
            throw SharedOptions.Offline();
        foreach (FoundPeer peer in found.Peers.DistinctBy(peer => peer.Record.PublicKey))
        {
            string[] relays = [.. peer.Record.RelayAddresses.Select(relay => relay.ToString())];
            if (session.IsJson)
            {
                JsonOutput.WriteLine(new JsonObject
                {
                    ["publicKey"] = peer.Record.PublicKey.ToHex(),
                    ["relays"] = new JsonArray([.. relays.Select(relay => JsonValue.Create(relay))]),
                    ["from"] = peer.From.ToString(),
                });
            }
            else
                Console.WriteLine($"{peer.Record.PublicKey}  from {peer.From}{(relays.Length > 0 ? "  via " : "")}{string.Join(' ', relays)}");
        }

        return found.Peers.Length > 0
            ? ExitCode.Success
            : throw new CommandException(ExitCode.NotFound, "PEER_NOT_FOUND", $"none of {found.Responders} nodes knows a peer");
    }
}
