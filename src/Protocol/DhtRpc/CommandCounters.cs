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
/// <remarks>A node meets few of the commands, and a process may hold thousands of nodes: only what has come up takes room.</remarks>
public sealed class CommandCounters
{
    /// <summary>Commands with this number and above are counted together.</summary>
    public const int Others = 15;

    // At most as many as there are numbers of both kinds, in the order in which they came up.
    private Row[] _rows = [];
    private int _count;

    /// <summary>Every command that has been asked for, those of dht-rpc itself first.</summary>
    public ImmutableArray<CommandCount> Read()
        =>
        [
            .. _rows[.._count].Where(row => row.Made + row.Received > 0).OrderBy(row => row.Place)
                .Select(row => new CommandCount(new DhtCommand(row.Place <= Others, (ulong)(row.Place % (Others + 1))), row.Made, row.Answered, row.Received)),
        ];

    internal ref Row Of(DhtCommand command)
    {
        int place = (command.IsInternal ? 0 : Others + 1) + (int)Math.Min(command.Number, Others);
        for (int i = 0; i < _count; i++)
        {
            if (_rows[i].Place == place)
                return ref _rows[i];
        }

        if (_count == _rows.Length)
            Array.Resize(ref _rows, Math.Max(4, 2 * _count));
        _rows[_count].Place = place;
        return ref _rows[_count++];
    }

    internal struct Row
    {
        public long Made, Answered, Received;
        public int Place;
    }
}
