namespace Strata.Ranking.Index.Items;

/// <summary>
/// Values by index, in blocks that are copied when they are written: what <see cref="Freeze"/> gave away never changes, and costs as many
/// blocks as were written since the last time. One writer; a frozen column may be read by any thread.
/// </summary>
/// <typeparam name="T">Type of the values.</typeparam>
/// <param name="initial">What an index reads as before it was written.</param>
public sealed class Column<T>(T initial)
{
    private const int BlockBits = 8;
    private const int BlockLength = 1 << BlockBits;

    private T[][] _blocks = [];

    // Which blocks no frozen column shares.
    private bool[] _own = [];
    private Column<T>? _frozen;

    /// <summary>The value at <paramref name="index"/>; the initial one where none was written.</summary>
    public T this[int index]
    {
        get
        {
            var blocks = _blocks;
            var block = index >> BlockBits;
            return (uint)block < (uint)blocks.Length ? blocks[block][index & (BlockLength - 1)] : initial;
        }
    }

    /// <summary>Number of blocks.</summary>
    internal int Blocks => _blocks.Length;

    /// <summary>The values of a block; of a frozen column the same object as long as none of them was written.</summary>
    internal T[] Block(int block) => _blocks[block];

    /// <summary>Index of the first value of a block.</summary>
    internal static int FirstOf(int block) => block << BlockBits;

    /// <summary>Writer: sets the value at <paramref name="index"/>, 0 and up.</summary>
    internal void Set(int index, T value)
    {
        var block = index >> BlockBits;
        Grow(block + 1);
        if (!_own[block])
        {
            _blocks[block] = [.. _blocks[block]];
            _own[block] = true;
        }

        _blocks[block][index & (BlockLength - 1)] = value;
        _frozen = null;
    }

    /// <summary>Writer: the column as it is now, for good; the same object while nothing was written.</summary>
    internal Column<T> Freeze()
    {
        if (_frozen is null)
        {
            Array.Clear(_own);
            _frozen = new Column<T>(initial) { _blocks = [.. _blocks] };
        }

        return _frozen;
    }

    private void Grow(int blocks)
    {
        var known = _blocks.Length;
        if (blocks <= known)
        {
            return;
        }

        Array.Resize(ref _blocks, Math.Max(blocks, known * 2));
        Array.Resize(ref _own, _blocks.Length);
        for (var block = known; block < _blocks.Length; block++)
        {
            _blocks[block] = new T[BlockLength];
            Array.Fill(_blocks[block], initial);
            _own[block] = true;
        }
    }
}
