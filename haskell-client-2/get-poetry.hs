-- | Haskell poetry client 2.0: lazy poems, and nothing else.
module Main (main) where

import Control.Applicative ((<|>))
import Control.Concurrent (Chan, forkIO, newChan, readChan, writeChan)
import Control.Exception
    ( IOException, bracketOnError, catch, evaluate, finally, throwIO, try )
import Control.Monad (replicateM_, void, when)
import qualified Data.ByteString.Lazy.Char8 as L
import Data.Char (isDigit)
import Data.List (isPrefixOf)
import Data.Text.Encoding (encodeUtf8)
import Data.Text.Encoding.Error (lenientDecode)
import Data.Text.Lazy (toChunks)
import Data.Text.Lazy.Encoding (decodeUtf8With)
import GHC.IO.Exception (ioe_description)
import Network.Socket
import System.Environment (getArgs, getProgName)
import System.Exit (ExitCode (ExitFailure), exitSuccess, exitWith)
import System.IO

type Address = (HostName, ServiceName)

type Poem = L.ByteString

type Result = (Address, Either IOException Poem)

usage :: IO String
usage = do
    name <- getProgName
    return ("usage: " ++ name ++ " [-h] [host:]port ...\n")

printHelp :: IO a
printHelp = do
    usage >>= putStrLn
    putStrLn "Get a poem from every poetry server named.\n"
    putStrLn "positional arguments:"
    putStrLn "  [host:]port  where a server listens (default host: localhost)"
    putStrLn "\noptions:"
    putStrLn "  -h, --help   show this help message and exit"
    exitSuccess

usageError :: String -> IO a
usageError message = do
    usageText <- usage
    name <- getProgName
    hPutStrLn stderr (usageText ++ name ++ ": error: " ++ message)
    exitWith (ExitFailure 2)

parseArgs :: [String] -> IO [Address]
parseArgs args = do
    when (null args || any (`elem` ["-h", "--help"]) args) printHelp
    mapM parseAddress args

parseAddress :: String -> IO Address
parseAddress address
    | "-" `isPrefixOf` address && not (all isDigit (drop 1 address)) =
        usageError ("unrecognized arguments: " ++ address)
    | null digits || not (all isDigit digits) =
        usageError "Ports must be integers."
    | digits /= port || (read digits :: Integer) > 65535 =
        usageError "Ports must be between 0 and 65535."
    | otherwise = return (if null host then "localhost" else host, port)
  where
    (portReversed, rest) = break (== ':') (reverse address)
    host = reverse (drop 1 rest)
    port = reverse portReversed
    digits = if "-" `isPrefixOf` port then drop 1 port else port

-- | The name of a host may stand for several addresses: the first that
-- accepts is taken.
connectTo :: Address -> IO Handle
connectTo (host, port) = do
    let hints = defaultHints{addrSocketType = Stream}
    addresses <- getAddrInfo (Just hints) (Just host) (Just port)
    foldr1 (<|>) (map open addresses)
  where
    open address =
        bracketOnError (openSocket address) close $ \sock -> do
            connect sock (addrAddress address)
            socketToHandle sock ReadMode

getPoetry :: Address -> IO Poem
getPoetry address = do
    h <- connectTo address
    L.hGetContents h

tryIO :: IO a -> IO (Either IOException a)
tryIO = try

runTask :: Chan Result -> Address -> IO ()
runTask results address = void $ forkIO $ do
    result <- tryIO (getPoetry address)
    writeChan results (address, result)
    -- read on, also while another poem is printed
    void (tryIO (mapM_ (evaluate . L.length) result))

-- | UTF-8 in any locale, with bytes that are none replaced.
textOf :: Poem -> L.ByteString
textOf =
    L.fromChunks . map encodeUtf8 . toChunks . decodeUtf8With lenientDecode

printPoem :: Poem -> IO ()
printPoem poem = L.putStr (textOf poem) `finally` putStrLn ""

poemFailed :: Address -> IOException -> IO ()
poemFailed (host, port) err = hPutStrLn stderr $
    "Poem failed: " ++ host ++ ":" ++ port ++ ": " ++ ioe_description err

main :: IO ()
main = do
    -- a command line may have letters that the locale doesn't
    mkTextEncoding "UTF-8//ROUNDTRIP" >>= hSetEncoding stderr
    addresses <- getArgs >>= parseArgs
    results <- newChan
    mapM_ (runTask results) addresses
    replicateM_ (length addresses) $ do
        (address, result) <- readChan results
        either throwIO printPoem result `catch` poemFailed address
