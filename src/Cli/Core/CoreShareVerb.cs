using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.HyperDht;

namespace AuctionActors.Cli.Core;

/// <summary><c>auction core share</c>: serves a core to whoever knows its key, until interrupted.</summary>
internal static class CoreShareVerb
{
    public static Command Create()
    {
        Argument<string> folder = CoreArguments.Folder();
        Option<bool> json = SharedOptions.Json();
        Command command = new("share", "Announce the core and serve it. Example: auction core share ./feed --bootstrap 127.0.0.1:30001");
        command.Arguments.Add(folder);
        command.Options.Add(json);
        CoreNetwork.AddOptions(command);
        command.SetAction((parsed, interrupted) => CoreSession.RunAsync(
            CoreArguments.Open(parsed.GetValue(folder)!, readOnly: false),
            async (core, system) =>
            {
                CoreInfo info = await core.GetInfoAsync().ConfigureAwait(false);
                CoreNetwork network = await CoreNetwork.JoinAsync(system, parsed, isEphemeral: false, interrupted).ConfigureAwait(false);
                network.Tell(new PeerProtocol.ReplicateCore(info.Key, core.Core, IsFollowed: !info.Writable));
                network.Tell(new PeerProtocol.AnnounceTopic(new TopicKey(info.DiscoveryKey.Value)));
                if ((await network.NextAsync<PeerProtocol.TopicAnnounced>(interrupted).ConfigureAwait(false)).Nodes.IsEmpty)
                    throw SharedOptions.Offline();
                Print(info, network, parsed.GetValue(json));
                using StopSignals stop = new(interrupted);
                await stop.WaitAsync().ConfigureAwait(false);
                await network.LeaveAsync().ConfigureAwait(false);
                return stop.Code;
            }));
        return command;
    }

    private static void Print(CoreInfo info, CoreNetwork network, bool json)
    {
        JsonObject shared = new()
        {
            ["key"] = info.Key.ToHex(),
            ["discoveryKey"] = info.DiscoveryKey.ToHex(),
            ["length"] = info.Length,
            ["publicKey"] = network.PublicKey.ToHex(),
        };
        if (json)
            JsonOutput.WriteLine(shared);
        else
            foreach ((string name, JsonNode? value) in shared)
                Console.WriteLine($"{name,-17}{value}");
    }
}
