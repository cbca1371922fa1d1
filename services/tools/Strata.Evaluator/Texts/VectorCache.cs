using System.IO.Hashing;
using System.Text;
using Google.Protobuf;
using Strata.Contracts.Common.V1;

namespace Strata.Evaluator.Texts;

/// <summary>
/// Vectors on disk, by encoder and by the hash of what it reads, prefix and all, so that a data set is encoded once. Each run that encodes
/// something adds one file, written whole and then moved to its name: readers never see half a file, and two runs at once don't disturb
/// each other.
/// </summary>
internal sealed class VectorCache
{
    private readonly string _folder;
    private readonly string _encoder;
    private readonly Dictionary<UInt128, Vector> _known = [];
    private readonly List<(UInt128 Key, Vector Vector)> _fresh = [];

    private VectorCache(string folder, string encoder) => (_folder, _encoder) = (folder, encoder);

    /// <summary>
    /// Where vectors rest unless told otherwise: environment variable STRATA_CACHE, else a folder of the user's temporary ones.
    /// </summary>
    public static string DefaultFolder
        => Environment.GetEnvironmentVariable("STRATA_CACHE") is { Length: > 0 } named
            ? named
            : Path.Combine(Path.GetTempPath(), "strata-vectors");

    /// <summary>Reads what is known of an encoder.</summary>
    public static VectorCache Open(string folder, string encoder)
    {
        Directory.CreateDirectory(folder);
        var cache = new VectorCache(folder, encoder);
        foreach (var path in Directory.EnumerateFiles(folder, $"{encoder}.*.vectors").Order(StringComparer.Ordinal))
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var key = new UInt128(reader.ReadUInt64(), reader.ReadUInt64());
                cache._known[key] = new Vector
                {
                    Scale = reader.ReadSingle(),
                    Codes = ByteString.CopyFrom(reader.ReadBytes(reader.ReadInt32())),
                };
            }
        }

        return cache;
    }

    /// <summary>Key of a text as the encoder reads it, prefix and all.</summary>
    public static UInt128 KeyOf(string text) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text));

    /// <summary>The vector of a text, when it is known.</summary>
    public bool TryGet(UInt128 key, out Vector? vector) => _known.TryGetValue(key, out vector);

    /// <summary>Remembers a vector.</summary>
    public void Add(UInt128 key, Vector vector)
    {
        _known[key] = vector;
        _fresh.Add((key, vector));
    }

    /// <summary>Writes what was added.</summary>
    public void Save()
    {
        if (_fresh.Count == 0)
        {
            return;
        }

        var path = Path.Combine(_folder, $"{_encoder}.{_fresh[0].Key:x32}.vectors");
        using (var writer = new BinaryWriter(File.Create(path + ".part")))
        {
            writer.Write(_fresh.Count);
            foreach (var (key, vector) in _fresh)
            {
                writer.Write((ulong)(key >> 64));
                writer.Write((ulong)key);
                writer.Write(vector.Scale);
                writer.Write(vector.Codes.Length);
                writer.Write(vector.Codes.Span);
            }
        }

        File.Move(path + ".part", path, overwrite: true);
        _fresh.Clear();
    }
}
