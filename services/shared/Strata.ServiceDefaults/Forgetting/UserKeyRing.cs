using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.ServiceDefaults.Files;
using Strata.Streaming.Connecting;

namespace Strata.ServiceDefaults.Forgetting;

/// <summary>
/// The keys of <see cref="UsersOptions.KeysFile"/>, newest first. On the embedded broker, whose logs end with the process as what they name
/// does, one of the process's own serves.
/// </summary>
public sealed class UserKeyRing(
    IOptions<UsersOptions> options, IOptions<StreamingOptions> streaming, TimeProvider time, ILogger<UserKeyRing> logger)
{
    private readonly WatchedFile<IReadOnlyList<UserKey>>? _file =
        options.Value.KeysFile is { Length: > 0 } path ? new(path, UserKey.ReadFile, time, logger) : null;

    private readonly IReadOnlyList<UserKey> _own =
        streaming.Value.Embedded ? [new UserKey("process", RandomNumberGenerator.GetBytes(UserKey.LeastBytes))] : [];

    /// <summary>All keys, newest first; empty: there is none.</summary>
    public IReadOnlyList<UserKey> All => _file?.Current ?? _own;
}
