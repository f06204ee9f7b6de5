using System.Buffers.Binary;
using Akka.Actor;
using AuctionActors.Benchmarks.Measuring;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Benchmarks.Cores;

/// <summary>Cores on disk in a folder of their own, which is removed in the end.</summary>
internal sealed class CoreBench : IDisposable
{
    private const double SampleSeconds = 0.25;

    private readonly RealRuntime _runtime = new("cores");
    private readonly DiskFileStore _files = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("benchmark-cores-");
    private readonly PeerRuntime _peer;
    private readonly IActorRef _loader;
    private int _opened;

    public CoreBench()
    {
        _peer = _runtime.Peer("cores", _files);
        _loader = LoadActor.Start(_runtime.System);
    }

    public IActorRefFactory System => _runtime.System;

    /// <summary>Appends one by one, each on disk before the next, in parts of a hundred of what the bare disk flushes in the same second.</summary>
    public async Task<double> ShareOfFlushesAsync(ReadOnlyMemory<byte>[] blocks)
    {
        double before = BareSpeeds.FlushesPerSecond(_folder);
        double rate = await AppendAsync(new HypercoreOptions(), blocks, window: 1);
        return 100 * rate / ((before + BareSpeeds.FlushesPerSecond(_folder)) / 2);
    }

    /// <summary>Many different blocks, without spending the time of the measurement on random numbers.</summary>
    public static ReadOnlyMemory<byte>[] MakeBlocks(int count, int size)
    {
        ReadOnlyMemory<byte>[] blocks = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++)
        {
            byte[] block = new byte[size];
            block.AsSpan().Fill((byte)i);
            BinaryPrimitives.WriteInt32LittleEndian(block, i);
            blocks[i] = block;
        }

        return blocks;
    }

    public async Task<OpenedCore> OpenAsync(HypercoreOptions options)
    {
        CoreOptions core = new()
        {
            Folder = Path.Combine(_folder.FullName, $"core-{++_opened}"),
            Identity = CoreIdentity.ForWriter(KeyPair.Generate(_peer.Entropy)),
            Storage = options,
        };
        CoreClient client = new(_runtime.System.ActorOf(CoreActor.Props(_peer, core), $"core-{_opened}"), Testnet.Patience);
        await client.GetInfoAsync();
        return new OpenedCore(client, _loader, core.Folder);
    }

    /// <summary>Appends block by block to a new core that holds one block already, as the script does.</summary>
    public async Task<double> AppendAsync(HypercoreOptions options, ReadOnlyMemory<byte>[] blocks, int window)
    {
        OpenedCore core = await OpenAsync(options);
        await core.Client.AppendAsync(blocks[0]);
        double rate = await core.AppendAsync(blocks, window);
        await core.DropAsync();
        return rate;
    }

    /// <summary>Appends the same batch again and again to a new core, and to another, for a quarter of a second; blocks for each second.</summary>
    public async Task<double> AppendBatchesAsync(HypercoreOptions options, ReadOnlyMemory<byte>[] blocks, int batches)
    {
        double appended = 0, spent = 0;
        while (spent < SampleSeconds)
        {
            OpenedCore core = await OpenAsync(options);
            appended += blocks.Length * batches;
            spent += blocks.Length * batches / await core.AppendBatchesAsync(blocks, batches);
            await core.DropAsync();
        }

        return appended / spent;
    }

    public void Dispose()
    {
        _runtime.Dispose();
        _files.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>An open core and the loader that asks it.</summary>
internal sealed class OpenedCore(CoreClient client, IActorRef loader, string folder)
{
    public CoreClient Client => client;

    public Task<double> AppendAsync(ReadOnlyMemory<byte>[] blocks, int window)
        => new Load(client.Core, number => new CoreProtocol.Append(number, [blocks[number]]), message => message is CoreProtocol.Done)
        {
            Window = window,
            Count = blocks.Length,
        }.RateAsync(loader);

    public async Task<double> AppendBatchesAsync(ReadOnlyMemory<byte>[] blocks, int batches)
    {
        Load load = new(client.Core, number => new CoreProtocol.Append(number, blocks), message => message is CoreProtocol.Done);
        return blocks.Length * await (load with { Count = batches }).RateAsync(loader);
    }

    public Task<double> ReadAsync(int length, int reads, int window)
    {
        Random random = new();
        return new Load(
            client.Core, number => new CoreProtocol.GetBlock(number, random.Next(length)), message => message is CoreProtocol.Block { Bytes: not null })
        {
            Window = window,
            Count = reads,
        }.RateAsync(loader);
    }

    /// <summary>Closes and removes it: memory that caches files anew each time would measure the system's pages rather than the core.</summary>
    public async Task DropAsync()
    {
        await client.CloseAsync();
        Directory.Delete(folder, recursive: true);
    }
}
