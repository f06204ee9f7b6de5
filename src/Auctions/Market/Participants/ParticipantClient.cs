using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>A participant as tasks, for the command line and tests.</summary>
public sealed class ParticipantClient(IActorRef participant, TimeSpan timeout)
{
    private long _last;

    public IActorRef Participant => participant;

    /// <summary>Gives an order with a number of its own and waits for the answer.</summary>
    public Task<ParticipantProtocol.IReply> OrderAsync(Func<long, ParticipantProtocol.ICommand> command) => AskAsync(command(Next()));

    public Task<ParticipantProtocol.IReply> QueryAsync(Func<long, ParticipantProtocol.IQuery> query) => AskAsync(query(Next()));

    /// <summary>The open connections of the participant's peer.</summary>
    public async Task<ImmutableArray<HyperDhtProtocol.ConnectionSummary>> GetConnectionsAsync()
        => (await participant.Ask<HyperDhtProtocol.ConnectionsListed>(new PeerProtocol.ListConnections(), timeout).ConfigureAwait(false)).Connections;

    /// <summary>What the node of the participant's peer has counted since it started.</summary>
    public Task<DhtNodeProtocol.NodeTraffic> GetTrafficAsync()
        => participant.Ask<DhtNodeProtocol.NodeTraffic>(new PeerProtocol.ReadTraffic(), timeout);

    /// <summary>Leaves the network, stops the participant, and returns when its ports and folders are closed.</summary>
    public Task StopAsync() => participant.GracefulStop(timeout, new ParticipantProtocol.Leave());

    private long Next() => Interlocked.Increment(ref _last);

    private Task<ParticipantProtocol.IReply> AskAsync(object message) => participant.Ask<ParticipantProtocol.IReply>(message, timeout);
}
