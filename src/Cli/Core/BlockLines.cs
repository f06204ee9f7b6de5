using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using AuctionActors.Cli.Output;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Cli.Core;

/// <summary>Lines as blocks, byte for byte, in groups of those that have arrived: who writes slowly does not wait for a full group.</summary>
internal static class BlockLines
{
    private const int ReadAtOnce = 1 << 20;
    private static readonly int s_longest = new HypercoreOptions().MaxBlockLength;

    /// <summary>Ends with the input, or without what is in the middle of a line when it is interrupted.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        Stream input, [EnumeratorCancellation] CancellationToken interrupted)
    {
        PipeReader reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: ReadAtOnce));
        while (true)
        {
            // A read of a terminal or a pipe cannot be called back; the process ends while it waits.
            ReadResult read = await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(interrupted).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            List<ReadOnlyMemory<byte>> blocks = TakeLines(ref rest);
            if (read.IsCompleted && !rest.IsEmpty)
                blocks.Add(ToBlock(rest));
            else if (rest.Length > s_longest)
                throw CommandException.Usage($"a line has more than {s_longest} bytes", "a block holds no more");
            if (blocks.Count > 0)
                yield return blocks;
            if (read.IsCompleted)
                yield break;
            reader.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static List<ReadOnlyMemory<byte>> TakeLines(ref ReadOnlySequence<byte> rest)
    {
        List<ReadOnlyMemory<byte>> blocks = [];
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            blocks.Add(ToBlock(rest.Slice(0, end)));
            rest = rest.Slice(rest.GetPosition(1, end));
        }

        return blocks;
    }

    private static byte[] ToBlock(ReadOnlySequence<byte> line)
    {
        byte[] block = line.ToArray();
        return block is [.. byte[] text, (byte)'\r'] ? text : block;
    }
}
