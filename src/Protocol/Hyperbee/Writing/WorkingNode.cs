using System.Runtime.InteropServices;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>A tree node in memory while it is being changed.</summary>
internal sealed class WorkingNode
{
    public List<KeyPointer> Keys { get; } = new(BeeLimits.SplitKeys);

    public List<ChildPointer> Children { get; } = [];

    /// <summary>Has to be written again with the next block.</summary>
    public bool Changed { get; set; }

    public bool IsLeaf => Children.Count == 0;

    public static WorkingNode From(TreeLevel level)
    {
        WorkingNode node = new();
        foreach (ulong key in level.Keys)
            node.Keys.Add(new KeyPointer(key));
        node.Children.EnsureCapacity(level.Children.Length);
        foreach (NodeAddress child in level.Children)
            node.Children.Add(new ChildPointer(child));
        return node;
    }

    /// <summary>Keeps the first four keys and answers the median and the new right sibling.</summary>
    public (KeyPointer Median, WorkingNode Right) Split()
    {
        WorkingNode right = new() { Changed = true };
        right.Keys.AddRange(CollectionsMarshal.AsSpan(Keys)[(BeeLimits.MinKeys + 1)..]);
        KeyPointer median = Keys[BeeLimits.MinKeys];
        Keys.RemoveRange(BeeLimits.MinKeys, Keys.Count - BeeLimits.MinKeys);
        if (!IsLeaf)
        {
            right.Children.AddRange(CollectionsMarshal.AsSpan(Children)[(BeeLimits.MinKeys + 1)..]);
            Children.RemoveRange(BeeLimits.MinKeys + 1, Children.Count - BeeLimits.MinKeys - 1);
        }

        Changed = true;
        return (median, right);
    }

    /// <summary>Takes over everything of the right neighbour, with the parent's key between them.</summary>
    public void Merge(KeyPointer median, WorkingNode right)
    {
        Changed = true;
        Keys.Add(median);
        Keys.AddRange(right.Keys);
        Children.AddRange(right.Children);
    }

    /// <summary>Removes a key and the child to its right.</summary>
    public void RemoveKey(int index)
    {
        Keys.RemoveAt(index);
        if (!IsLeaf)
        {
            Children[index + 1].Free();
            Children.RemoveAt(index + 1);
        }

        Changed = true;
    }

    /// <summary>Numbers the changed nodes below in pre-order and gives each its address in the block.</summary>
    public void Number(List<ChildPointer?> index, ulong sequence)
    {
        Changed = false;
        foreach (ChildPointer child in Children)
        {
            if (child.Node is not { Changed: true } node)
                continue;
            child.Address = new NodeAddress(sequence, index.Count);
            index.Add(child);
            node.Number(index, sequence);
        }
    }

    /// <summary>Nodes in memory from here down.</summary>
    public int Count()
    {
        int nodes = 1;
        foreach (ChildPointer child in Children)
            nodes += child.Node?.Count() ?? 0;
        return nodes;
    }

    /// <summary>Forgets the loaded leaves below, which their blocks still hold.</summary>
    public void DropLeaves()
    {
        foreach (ChildPointer child in Children)
        {
            if (child.Node is { IsLeaf: true })
                child.Unload();
            else
                child.Node?.DropLeaves();
        }
    }
}

/// <summary>A key by the block that holds it, with its bytes once they are known; none stand for a key that is looked up each time.</summary>
internal readonly record struct KeyPointer(ulong Sequence, ReadOnlyMemory<byte> Key = default)
{
    /// <summary>Longer keys are not kept beside their blocks.</summary>
    public const int MaxKeptBytes = 256;

    public static KeyPointer Of(ulong sequence, ReadOnlyMemory<byte> key) => new(sequence, key.Length <= MaxKeptBytes ? key : default);
}

/// <summary>A child by its address, with the node once it is loaded; nodes share it with the block that wrote them.</summary>
internal sealed class ChildPointer(NodeAddress address, WorkingNode? node = null)
{
    public NodeAddress Address { get; set; } = address;

    public WorkingNode? Node { get; set; } = node;

    public void Unload() => Node = null;

    /// <summary>The node is gone: no block stores it any more.</summary>
    public void Free() => Address = new NodeAddress(0, Address.Level);
}
