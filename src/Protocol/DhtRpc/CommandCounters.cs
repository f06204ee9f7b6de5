using System.Collections.Immutable;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc;

/// <summary>How often one command went either way.</summary>
/// <param name="Command">With the greatest number that is counted: that number and all above it.</param>
/// <param name="Made">Requests of ours, each once however often it was sent.</param>
/// <param name="Answered">Replies to them, those with an error included.</param>
/// <param name="Received">Requests of other nodes.</param>
public readonly record struct CommandCount(DhtCommand Command, long Made, long Answered, long Received);

/// <summary>The requests and replies of a node for each command.</summary>
public sealed class CommandCounters
{
    /// <summary>Commands with this number and above are counted together.</summary>
    public const int Others = 15;

    private readonly Row[] _rows = new Row[2 * (Others + 1)];

    /// <summary>Every command that has been asked for, those of dht-rpc itself first.</summary>
    public ImmutableArray<CommandCount> Read()
    {
        ImmutableArray<CommandCount>.Builder counts = ImmutableArray.CreateBuilder<CommandCount>();
        for (int i = 0; i < _rows.Length; i++)
        {
            Row row = _rows[i];
            if (row.Made + row.Received > 0)
                counts.Add(new CommandCount(new DhtCommand(i <= Others, (ulong)(i % (Others + 1))), row.Made, row.Answered, row.Received));
        }

        return counts.ToImmutable();
    }

    internal ref Row Of(DhtCommand command) => ref _rows[(command.IsInternal ? 0 : Others + 1) + (int)Math.Min(command.Number, Others)];

    internal struct Row
    {
        public long Made, Answered, Received;
    }
}
