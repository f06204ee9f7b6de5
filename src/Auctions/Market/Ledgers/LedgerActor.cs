using Akka.Actor;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Auctions.Market.Ledgers;

/// <summary>The single writer of the participant's public core: replays it once, then appends; nothing is confirmed before it is flushed.</summary>
public sealed class LedgerActor : ReceiveActor
{
    private const int Window = 256;

    private readonly IActorRef _core;
    private readonly OrderedBlocks _blocks = new(Window);
    private readonly List<Envelope> _replayed = [];
    private readonly List<Confirmation> _appending = [];
    private readonly List<Confirmation> _next = [];
    private readonly List<ReadOnlyMemory<byte>> _nextBlocks = [];
    private readonly Queue<(LedgerProtocol.ICommand Command, IActorRef Sender)> _early = [];

    public LedgerActor(IActorRef core)
    {
        _core = core;
        Replaying();
    }

    public static Props Props(IActorRef core) => ActorProps.Of(() => new LedgerActor(core));

    protected override void PreStart() => _core.Tell(new CoreProtocol.GetInfo(0));

    private void Replaying()
    {
        Receive<CoreProtocol.Info>(info =>
        {
            _blocks.HandleLength(info.Core.Length);
            Context.Parent.Tell(new LedgerProtocol.Grown((ulong)info.Core.Length, info.Core.Tree.Hash));
            Read();
        });
        Receive<CoreProtocol.Block>(block =>
        {
            if (block.Bytes is { } bytes)
                _replayed.AddRange(CoreBlocks.Envelopes(_blocks.HandleBlock(block.Index, bytes)));
            Read();
        });
        Receive<CoreProtocol.Failed>(Fail);
        Receive<LedgerProtocol.ICommand>(command => _early.Enqueue((command, Sender)));
    }

    private void Read()
    {
        while (_blocks.TryAsk(out long index))
            _core.Tell(new CoreProtocol.GetBlock(index, index));
        if (!_blocks.IsCaughtUp)
            return;
        Context.Parent.Tell(new LedgerProtocol.Replayed([.. _replayed]));
        _replayed.Clear();
        Become(Writing);
        while (_early.TryDequeue(out (LedgerProtocol.ICommand Command, IActorRef Sender) early))
            Write(early.Command, early.Sender);
    }

    private void Writing()
    {
        Receive<LedgerProtocol.ICommand>(command => Write(command, Sender));
        Receive<CoreProtocol.Done>(done =>
        {
            foreach (Confirmation confirmation in _appending)
                confirmation.To.Tell(confirmation.Fact);
            _appending.Clear();
            Flush();
            Context.Parent.Tell(new LedgerProtocol.Grown((ulong)done.Tree.Length, done.Tree.Hash));
        });
        Receive<CoreProtocol.Failed>(Fail);
    }

    private void Write(LedgerProtocol.ICommand command, IActorRef sender)
    {
        switch (command)
        {
            case LedgerProtocol.Append append:
                Write(append.Envelope.Encode(), sender, new LedgerProtocol.Appended(append.Envelope));
                break;
            case LedgerProtocol.AppendBlock append:
                Write(append.Block, sender, new LedgerProtocol.BlockAppended(append.Number));
                break;
            default:
                Unhandled(command);
                break;
        }
    }

    private void Write(ReadOnlyMemory<byte> block, IActorRef replyTo, LedgerProtocol.IEvent confirmation)
    {
        _next.Add(new Confirmation(replyTo, confirmation));
        _nextBlocks.Add(block);
        Flush();
    }

    /// <summary>Whatever came while the last blocks were written goes out together: one flush and one announcement for all.</summary>
    private void Flush()
    {
        if (_appending.Count > 0 || _next.Count == 0)
            return;
        _appending.AddRange(_next);
        _core.Tell(new CoreProtocol.Append(0, [.. _nextBlocks]));
        _next.Clear();
        _nextBlocks.Clear();
    }

    // A core that is closed has not failed: its peer leaves, and so does this.
    private void Fail(CoreProtocol.Failed failed)
    {
        if (failed.Problem != CoreProblem.Closed)
            Context.Parent.Tell(new LedgerProtocol.Failed(failed.Reason));
    }

    private sealed record Confirmation(IActorRef To, LedgerProtocol.IEvent Fact);
}
