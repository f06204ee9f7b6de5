using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Protocol.Tests.Hypercore.Files;

/// <summary>A disk that remembers every step, so that a workload can be cut at any of them.</summary>
internal sealed class CrashingDisk
{
    private const int SectorSize = 512;

    private readonly List<Step> _steps = [];

    internal MemoryCoreFiles Files { get; } = new();

    internal int StepCount => _steps.Count;

    /// <summary>Carries out what the core asks for; everything it acknowledges is noted with the blocks it covers.</summary>
    internal void Run(HypercoreMachine core)
    {
        while (core.TryTake(out CoreEffect effect))
        {
            if (effect is RootsRestored restored)
                core.Finish(restored.Repair);
            if (effect is not Persist persist)
                continue;
            foreach (FileOperation asked in persist.Operations)
            {
                FileOperation operation = asked is FileGather gather ? MemoryCoreFiles.Join(gather) : asked;
                Files.Apply(operation);
                _steps.Add(new Step(operation, operation is FileBarrier, null));
            }

            core.HandlePersisted(persist.Id);
            _steps.Add(new Step(FileBarrier.Instance, persist.Flush, new Acknowledged(core.Tree.Fork, core.Tree.Length)));
        }
    }

    /// <summary>Damage that no core has asked for.</summary>
    internal void Spoil(FileOperation operation)
    {
        Files.Apply(operation);
        _steps.Add(new Step(operation, Flushes: true, null));
    }

    /// <summary>The last state that was acknowledged before a step.</summary>
    internal Acknowledged AcknowledgedBefore(int step)
        => _steps.Take(step).LastOrDefault(done => done.Acknowledged is not null)?.Acknowledged ?? new Acknowledged(0, 0);

    /// <summary>
    /// Every disk that a power cut can leave: of each file any prefix of its unflushed writes, with the last of them whole, cut in half,
    /// or without its first or last sector, or with the one before it lost.
    /// </summary>
    internal IEnumerable<MemoryCoreFiles> CutBefore(int step)
    {
        int flushed = step == 0 ? 0 : _steps.FindLastIndex(step - 1, done => done.Flushes) + 1;
        FileOperation[] window =
            [.. _steps.GetRange(flushed, step - flushed).Select(done => done.Operation).Where(op => op is not FileBarrier)];
        CoreFile[] touched = [.. window.Select(FileOf).Distinct()];
        MemoryCoreFiles before = new();
        foreach (Step done in _steps.Take(flushed))
            before.Apply(done.Operation);
        foreach (int[] kept in Combinations([.. touched.Select(file => window.Count(op => FileOf(op) == file))]))
        {
            foreach (Loss loss in kept.Any(count => count > 0) ? Enum.GetValues<Loss>() : [Loss.None])
                yield return Apply(before, window, touched, kept, loss);
        }
    }

    /// <summary>What a cut did to the last writes that it let through.</summary>
    private enum Loss
    {
        None,
        Half,
        FirstSector,
        LastSector,
        Previous,
    }

    private static MemoryCoreFiles Apply(MemoryCoreFiles before, FileOperation[] window, CoreFile[] touched, int[] kept, Loss loss)
    {
        MemoryCoreFiles files = before.Copy();
        for (int i = 0; i < touched.Length; i++)
        {
            FileOperation[] operations = [.. window.Where(op => FileOf(op) == touched[i]).Take(kept[i])];
            for (int j = 0; j < operations.Length; j++)
            {
                if (loss == Loss.Previous && j == operations.Length - 2 && operations[j] is FileWrite)
                    continue;
                bool last = j == operations.Length - 1;
                files.Apply(last && operations[j] is FileWrite write ? Damage(write, loss) : operations[j]);
            }
        }

        return files;
    }

    private static FileWrite Damage(FileWrite write, Loss loss)
    {
        int toBoundary = (int)Math.Min(write.Bytes.Length, SectorSize - write.Offset % SectorSize);
        int lastSector = (int)Math.Min(write.Bytes.Length, (write.Offset + write.Bytes.Length) % SectorSize);
        return loss switch
        {
            Loss.Half => write with { Bytes = write.Bytes[..(write.Bytes.Length / 2)] },
            Loss.FirstSector => write with { Offset = write.Offset + toBoundary, Bytes = write.Bytes[toBoundary..] },
            Loss.LastSector => write with { Bytes = write.Bytes[..^lastSector] },
            _ => write,
        };
    }

    private static IEnumerable<int[]> Combinations(int[] counts)
    {
        IEnumerable<int[]> all = [[]];
        foreach (int count in counts)
            all = all.SelectMany(head => Enumerable.Range(0, count + 1).Select(kept => (int[])[.. head, kept]));
        return all;
    }

    private static CoreFile FileOf(FileOperation operation) => operation switch
    {
        FileWrite write => write.File,
        FileTruncate truncate => truncate.File,
        FilePunch punch => punch.File,
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    internal sealed record Acknowledged(long Fork, long Length);

    private sealed record Step(FileOperation Operation, bool Flushes, Acknowledged? Acknowledged);
}
