# Run by CPack before it packs: folders are everybody's to read, whatever the umask of who makes the
# package. (Files have their modes from install(); folders, also with
# CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS, from the umask.)
file(GLOB_RECURSE paths LIST_DIRECTORIES true ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*)
foreach(path IN LISTS paths)
  if(IS_DIRECTORY ${path} AND NOT IS_SYMLINK ${path})
    file(CHMOD ${path} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                   WORLD_READ WORLD_EXECUTE)
  endif()
endforeach()
