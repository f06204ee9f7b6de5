using Akka.Actor;
using AuctionActors.Auctions.Market.Trading;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Who waits for which answer: local askers by their request, remote ones by their call.</summary>
internal sealed class Askers
{
    private readonly Dictionary<long, LocalAsker> _local = [];
    private readonly Dictionary<long, RpcCallId> _remote = [];
    private long _last;

    public Asker Add(IActorRef replyTo, ParticipantProtocol.ICommand command)
    {
        _local.Add(++_last, new LocalAsker(replyTo, command));
        return new Asker(_last, IsRemote: false);
    }

    public Asker Add(RpcCallId call)
    {
        _remote.Add(++_last, call);
        return new Asker(_last, IsRemote: true);
    }

    public LocalAsker? TakeLocal(Asker asker) => _local.Remove(asker.Number, out LocalAsker? local) ? local : null;

    public RpcCallId? TakeRemote(Asker asker) => _remote.Remove(asker.Number, out RpcCallId call) ? call : null;
}

/// <summary>A local command that has not been answered.</summary>
internal sealed record LocalAsker(IActorRef ReplyTo, ParticipantProtocol.ICommand Command);
