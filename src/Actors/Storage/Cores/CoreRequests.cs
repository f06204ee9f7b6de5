using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Who answers what of all that is asked of an open core, plain orders and reads of blocks apart.</summary>
internal sealed class CoreRequests
{
    private readonly HypercoreMachine _core;
    private readonly CoreAnswers _answers;
    private readonly CoreProofs _proofs;
    private readonly CoreDrafts _drafts;
    private readonly CoreRepairs _repairs;
    private readonly ByteSeeks _seeks;
    private readonly BlockNeeds _needs;
    private readonly CoreDownloads _downloads;

    public CoreRequests(HypercoreMachine core, CoreEvents events, PendingOrders pending)
    {
        _core = core;
        _answers = new CoreAnswers(core);
        _drafts = new CoreDrafts(core, pending);
        _repairs = new CoreRepairs(core, events);
        _seeks = new ByteSeeks(events);
        _proofs = new CoreProofs(core, events, _seeks, _repairs);
        _needs = new BlockNeeds(events);
        _downloads = new CoreDownloads(core, _needs);
    }

    /// <summary>What is answered at once; null for other messages.</summary>
    public CoreProtocol.IEvent? Answer(object message) => _proofs.Answer(message) ?? _answers.Answer(message);

    public CoreProtocol.IEvent Block(CoreProtocol.GetBlock get) => _answers.Block(get);

    public CoreProtocol.Subscribed Subscribed(long request) => _answers.Subscribed(request) with
    {
        Searches = [.. _seeks.Open, .. _repairs.Open],
        Needed = _needs.Blocks,
    };

    /// <summary>Whether the message was about something that takes longer.</summary>
    public bool Handle(object message, IActorRef asker)
    {
        if (message is CoreProtocol.Seek seek)
            _seeks.Begin(_core, asker, seek);
        else
            return _drafts.Handle(message, asker) || _repairs.Handle(message, asker) || _downloads.Handle(message, asker);
        return true;
    }

    /// <summary>Takes a question back that waits; the read that a seek waits for, if any.</summary>
    public CoreOrder? Cancel(IActorRef asker, long request)
    {
        _repairs.Cancel(asker, request);
        return _seeks.Cancel(asker, request);
    }

    /// <summary>Whether the effect belonged to one of them alone.</summary>
    public bool Handle(CoreEffect effect) => _seeks.Handle(_core, effect) || _repairs.Handle(effect) || _downloads.Handle(effect);
}
